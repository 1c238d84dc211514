package org.wasla.gateway.profile;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A group of keys of a YAML file. A key that nobody asked for is a mistake, told by {@link #end} with the nearest key
 * that there is. One thread.
 */
public final class Section {
    /** A profile names one list of fields in many rules. */
    private static final int ALIASES_MAX = 2_000;

    private final String file;
    private final String path;
    private final int line;
    private final Problems problems;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> asked = new TreeSet<>();
    private final boolean present;

    Section(String file, String path, Optional<MappingNode> node, int line, Problems problems) {
        this.file = file;
        this.path = path;
        this.line = line;
        this.problems = problems;
        this.present = node.isPresent();
        for (NodeTuple tuple : node.map(MappingNode::getValue).orElse(List.of())) {
            add(tuple);
        }
    }

    /** Reads a file; one that is no YAML gives an empty section and a problem. */
    public static Section read(Path path, Problems problems) {
        String file = path.toString();
        try {
            return parse(file, Files.readString(path), problems);
        } catch (MalformedInputException notUtf8) {
            problems.add(file, 0, "the file is not UTF-8", "save it as UTF-8");
        } catch (IOException unreadable) {
            boolean there = Files.exists(path);
            problems.add(
                    file,
                    0,
                    there ? "cannot be read: " + unreadable.getMessage() : "no such file",
                    there ? "check its rights" : "check the path");
        }
        return unreadable(file);
    }

    /** What is missing in a file that cannot be read needs no telling. */
    private static Section unreadable(String file) {
        return new Section(file, "", Optional.empty(), 0, new Problems());
    }

    public static Section parse(String file, String text, Problems problems) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setMaxAliasesForCollections(ALIASES_MAX)
                .build();
        try {
            Optional<Node> root = BoundedYaml.compose(settings, text);
            if (root.isPresent() && root.get() instanceof MappingNode map) {
                return new Section(file, "", Optional.of(map), 1, problems);
            }
            problems.add(file, 1, "the file holds no keys", "write 'key: value' lines");
        } catch (MarkedYamlEngineException wrong) {
            int line = wrong.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            problems.add(file, line, "this is no YAML: " + wrong.getProblem(), "check quotes, colons and indentation");
        } catch (YamlEngineException wrong) {
            problems.add(file, 1, "this is no YAML: " + wrong.getMessage(), "check quotes, colons and indentation");
        }
        return unreadable(file);
    }

    private void add(NodeTuple tuple) {
        Node key = tuple.getKeyNode();
        if (!(key instanceof ScalarNode scalar)) {
            problems.add(file, Entry.line(key), "a key is not a word", "write 'key: value'");
            return;
        }
        String name = scalar.getValue();
        Node value = tuple.getValueNode();
        if (entries.containsKey(name)) {
            problems.add(file, Entry.line(key), child(name) + " stands twice", "keep one of them");
        }
        boolean empty = value instanceof ScalarNode && Tag.NULL.equals(value.getTag());
        entries.put(name, new Entry(file, child(name), empty ? null : value, Entry.line(key), problems));
    }

    private String child(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    public String file() {
        return file;
    }

    public void problem(String what, String remedy) {
        problems.add(file, line, name() + " " + what, remedy);
    }

    private String name() {
        return path.isEmpty() ? "the file" : path;
    }

    /** @return how many problems were told so far: what was read in between is sound when it stays the same */
    int told() {
        return problems.size();
    }

    /** Whether the key is there and not left empty. */
    public boolean has(String key) {
        return get(key).isPresent();
    }

    /** @return the keys as written, for sections whose keys are names of the writer's choice */
    public List<String> keys() {
        asked.addAll(entries.keySet());
        return new ArrayList<>(entries.keySet());
    }

    /** A key that is left empty counts as missing. */
    public Optional<Entry> get(String key) {
        asked.add(key);
        return Optional.ofNullable(entries.get(key)).filter(entry -> !entry.isEmpty());
    }

    /** The entry; a missing one is a problem whose remedy is the example, and nothing below it is told. */
    public Entry need(String key, String example) {
        Optional<Entry> entry = get(key);
        if (entry.isEmpty() && (present || path.isEmpty())) {
            Entry empty = entries.get(key);
            problems.add(
                    file,
                    empty == null ? line : empty.line(),
                    name() + " has no '" + key + "'",
                    "add " + key + ": " + example);
        }
        return entry.orElseGet(() -> new Entry(file, child(key), null, line, new Problems()));
    }

    public String text(String key, String otherwise) {
        return get(key).map(Entry::text).orElse(otherwise);
    }

    public int whole(String key, int least, int most, int otherwise) {
        return get(key).map(entry -> entry.whole(least, most)).orElse(otherwise);
    }

    public long millis(String key, long otherwise) {
        return get(key).map(Entry::millis).orElse(otherwise);
    }

    public boolean flag(String key, boolean otherwise) {
        return get(key).map(Entry::flag).orElse(otherwise);
    }

    public List<Entry> list(String key) {
        return get(key).map(Entry::list).orElse(List.of());
    }

    public List<String> texts(String key) {
        return list(key).stream().map(Entry::text).toList();
    }

    /** @return the section under the key, an empty one when there is none */
    public Section section(String key) {
        return get(key).map(Entry::section)
                .orElseGet(() -> new Section(file, child(key), Optional.empty(), line, problems));
    }

    /** Tells the keys that nobody asked for. To be called when all has been read. */
    public void end() {
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            if (!asked.contains(entry.getKey())) {
                String near = nearest(entry.getKey());
                entry.getValue()
                        .problem(
                                "is not known",
                                near.isEmpty()
                                        ? "known here: " + String.join(", ", asked)
                                        : "did you mean '" + near + "'?");
            }
        }
    }

    private String nearest(String key) {
        String best = "";
        int least = Math.max(2, key.length() / 3) + 1;
        for (String candidate : asked) {
            int distance = distance(key.toLowerCase(Locale.ROOT), candidate);
            if (distance < least && !entries.containsKey(candidate)) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
