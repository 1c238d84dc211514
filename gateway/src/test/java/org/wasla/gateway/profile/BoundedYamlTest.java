package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is made to exhaust its reader is a mistake like any other, and not the end of the process. */
class BoundedYamlTest {
    private static List<String> problems(String yaml) {
        Problems problems = new Problems();
        Section.parse("bomb.yaml", yaml, problems);
        return problems.list().stream().map(Object::toString).toList();
    }

    @Test
    void bracketsWithoutEndAreRefused() {
        for (String open : List.of("[", "{a: ", "- ")) {
            String found = problems("wasla: 1\nx:\n  " + open.repeat(300_000)).get(0);
            assertTrue(found.contains("nested deeper than 50 levels"), found);
        }
        assertEquals(List.of(), problems("x: " + "[".repeat(40) + "]".repeat(40)));
    }

    @Test
    void aMillionKeysAreRefused() {
        StringBuilder many = new StringBuilder("wasla: 1\n");
        for (int i = 0; i < 100_000; i++) {
            many.append("k").append(i).append(": 1\n");
        }
        assertTrue(problems(many.toString()).get(0).contains("more than 30000 keys and values"));
    }

    @Test
    void aliasesOfAliasesAreNotMultipliedOut() {
        StringBuilder laughs = new StringBuilder("wasla: 1\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 60; i++) {
            String of = "*a" + (i - 1);
            laughs.append("a" + i + ": &a" + i + " [" + (of + ",").repeat(9) + of + "]\n");
        }
        assertEquals(List.of(), problems(laughs.toString()));
        assertEquals(List.of(), problems("wasla: 1\nobserve: &a [*a, *a]\n"));
    }
}
