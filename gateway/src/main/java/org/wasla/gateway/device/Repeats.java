package org.wasla.gateway.device;

/** Counts a fault that repeats and picks its 1st, 2nd, 4th, 8th ... time for the log. One thread. */
final class Repeats {
    private String fault = "";
    private long count;

    /** @return how often this fault has come in a row when it is worth a line now, else 0 */
    long worthTelling(String now) {
        if (!now.equals(fault)) {
            fault = now;
            count = 0;
        }
        count++;
        return (count & (count - 1)) == 0 ? count : 0;
    }

    void over() {
        fault = "";
        count = 0;
    }
}
