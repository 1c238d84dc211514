package org.wasla.ops.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Linux says of a process in {@code /proc} (proc(5)). Immutable. */
record ProcStat(double cpuSeconds, long residentBytes) {
    private static final int UTIME = 11;
    private static final int TICKS_A_SECOND = 100;
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern FILES = Pattern.compile("Max open files\\s+(\\d+)");

    /** Zeros for one that is gone. */
    static ProcStat of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            double cpu = (Long.parseLong(words[UTIME]) + Long.parseLong(words[UTIME + 1])) / (double) TICKS_A_SECOND;
            Matcher resident = RESIDENT.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
            return new ProcStat(cpu, resident.find() ? Long.parseLong(resident.group(1)) << 10 : 0);
        } catch (IOException gone) {
            return new ProcStat(0, 0);
        }
    }

    /** Of several together. */
    static ProcStat of(List<Long> pids) {
        double cpu = 0;
        long resident = 0;
        for (long pid : pids) {
            ProcStat one = of(pid);
            cpu += one.cpuSeconds();
            resident += one.residentBytes();
        }
        return new ProcStat(cpu, resident);
    }

    /** How many files and sockets it may have open. */
    static long filesMax(String pid) throws IOException {
        Matcher files = FILES.matcher(Files.readString(Path.of("/proc/" + pid + "/limits")));
        return files.find() ? Long.parseLong(files.group(1)) : Long.MAX_VALUE;
    }
}
