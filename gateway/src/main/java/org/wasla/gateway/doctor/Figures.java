package org.wasla.gateway.doctor;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a parsed health document, in which every figure may be absent; numbers and flags are their text. Stateless. */
public final class Figures {
    private Figures() {}

    static Map<?, ?> object(Map<?, ?> of, String name) {
        return of.get(name) instanceof Map<?, ?> found ? found : Map.of();
    }

    static List<?> list(Map<?, ?> of, String name) {
        return of.get(name) instanceof List<?> found ? found : List.of();
    }

    /** Empty when it is not known. */
    static String text(Map<?, ?> of, String name) {
        Object value = of.get(name);
        return value == null ? "" : value.toString();
    }

    static boolean flag(Map<?, ?> of, String name) {
        return text(of, name).equals("true");
    }

    /** @return {@code unknown} when it is not known */
    static double number(Map<?, ?> of, String name, double unknown) {
        @Nullable Object value = of.get(name);
        try {
            return value == null ? unknown : Double.parseDouble(value.toString());
        } catch (NumberFormatException noNumber) {
            return unknown;
        }
    }

    static long count(Map<?, ?> of, String name) {
        return (long) number(of, name, 0);
    }
}
