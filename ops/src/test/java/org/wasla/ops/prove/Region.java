package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The region's side in a proof: a PostgreSQL of its own and the subscriber of {@code ops/region}, as processes. One thread.
 * Skips where Debian's packages are not there.
 */
final class Region implements AutoCloseable {
    static final Path HOME = Tool.ROOT.resolve("ops/region/subscriber");
    private static final long PATIENCE_S = 60;
    private final Path folder;
    private final List<Process> subscribers = new ArrayList<>();

    private Region(Path folder) {
        this.folder = folder;
    }

    static Region start() throws IOException, InterruptedException {
        String needs = "test -d /usr/lib/postgresql && command -v mosquitto_pub && command -v psql"
                + " && /usr/bin/python3 -c 'import paho.mqtt, psycopg2'";
        Process look =
                new ProcessBuilder("sh", "-c", needs).redirectErrorStream(true).start();
        look.getInputStream().readAllBytes();
        Assumptions.assumeTrue(
                look.waitFor() == 0, "skipped: ops/need postgres mosquitto_pub python3-paho-mqtt python3-psycopg2");
        // Not a folder of JUnit: PostgreSQL runs as another user, who may not enter that.
        Region region = new Region(Files.createTempDirectory(Path.of("/tmp"), "wasla-region"));
        region.startPostgres();
        return region;
    }

    void startPostgres() throws IOException, InterruptedException {
        run("", HOME.resolve("postgres").toString(), "start", folder.toString());
    }

    void stopPostgres() throws IOException, InterruptedException {
        run("", HOME.resolve("postgres").toString(), "stop", folder.toString());
    }

    /** Begins to stop it, and does not wait. */
    Process stoppingPostgres() throws IOException {
        return new ProcessBuilder(HOME.resolve("postgres").toString(), "stop", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** A new database with the schema; how to reach it. */
    String database(String name) throws IOException, InterruptedException {
        String place = "host=" + folder + " user=wasla dbname=";
        psql(place + "postgres", "create database " + name);
        run(
                "",
                "psql",
                place + name,
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-f",
                HOME.resolve("schema.sql").toString());
        return place + name;
    }

    /** @return the rows, columns apart by bars */
    static String psql(String database, String sql) throws IOException, InterruptedException {
        return run("set search_path = wasla;\n" + sql, "psql", database, "-qAt", "-v", "ON_ERROR_STOP=1", "-f", "-")
                .strip();
    }

    /** A condition on what PostgreSQL answers. */
    static void awaitRows(String database, String expected, String sql) {
        String[] last = {""};
        try {
            Platform.await(sql, () -> {
                try {
                    last[0] = psql(database, sql);
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
                return last[0].equals(expected);
            });
        } catch (AssertionError inVain) {
            throw new AssertionError(sql + "\nexpected " + expected + "\nlast     " + last[0], inVain);
        }
    }

    /** The demo's question, with these settings, as {@code name=value}. */
    static String question(String database, String... settings) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("psql", database, "-v", "ON_ERROR_STOP=1"));
        for (String setting : settings) {
            command.addAll(List.of("-v", setting));
        }
        command.addAll(List.of("-f", HOME.resolve("question.sql").toString()));
        return run("", command.toArray(String[]::new));
    }

    /** Starts one, and returns when it listens. */
    Process subscribe(Path log, int broker, String database, String... more) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(HOME.resolve("subscriber").toString()));
        command.addAll(List.of("--url", "mqtt://127.0.0.1:" + broker, "--db", database, "--retry", "0.5"));
        command.addAll(Arrays.asList(more));
        long before = count(log, " listening ");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        subscribers.add(process);
        Platform.await("the subscriber", () -> count(log, " listening ") > before);
        return process;
    }

    static long count(Path log, String part) {
        try {
            return Files.exists(log) ? Files.readString(log).split(part, -1).length - 1 : 0;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Publishes each line as a message, QoS 1, and returns when all are acknowledged. */
    static void publish(int broker, String topic, List<String> lines) throws IOException, InterruptedException {
        run(
                String.join("\n", lines) + "\n",
                "mosquitto_pub",
                "-V",
                "5",
                "-p",
                "" + broker,
                "-q",
                "1",
                "-t",
                topic,
                "-l");
    }

    /** Publishes one message of these bytes, with more options of mosquitto_pub. */
    static void publish(int broker, String topic, byte[] payload, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "mosquitto_pub",
                "-V",
                "5",
                "-p",
                "" + broker,
                "-q",
                "1",
                "-t",
                topic,
                payload.length == 0 ? "-n" : "-s"));
        command.addAll(Arrays.asList(options));
        run(payload, command.toArray(String[]::new));
    }

    static String run(String input, String... command) throws IOException, InterruptedException {
        return run(input.getBytes(StandardCharsets.UTF_8), command);
    }

    private static String run(byte[] input, String... command) throws IOException, InterruptedException {
        Path given = Files.createTempFile("region", ".in");
        Path out = Files.createTempFile("region", ".out");
        try {
            Files.write(given, input);
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(given.toFile())
                    .redirectOutput(out.toFile())
                    .start();
            boolean ended = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
            String said = Files.readString(out, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + (ended ? " failed: " : " did not end: ") + said);
            }
            return said;
        } finally {
            Files.delete(given);
            Files.delete(out);
        }
    }

    /** After a test: no subscriber of it goes on. */
    void stopSubscribers() {
        subscribers.forEach(each -> each.destroyForcibly().onExit().join());
        subscribers.clear();
    }

    @Override
    public void close() throws IOException {
        stopSubscribers();
        try {
            stopPostgres();
            run("", "rm", "-rf", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
