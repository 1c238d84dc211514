package org.wasla.gateway.state;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;

/** A path whose files are those of {@link StepFiles}. Immutable. */
final class StepPath implements Path {
    private final FileSystem system;
    private final Path path;

    StepPath(FileSystem system, Path path) {
        this.system = system;
        this.path = path;
    }

    static Path plain(Path path) {
        return path instanceof StepPath step ? step.path : path;
    }

    private @Nullable Path wrap(@Nullable Path other) {
        return other == null ? null : new StepPath(system, other);
    }

    @Override
    public FileSystem getFileSystem() {
        return system;
    }

    @Override
    public boolean isAbsolute() {
        return path.isAbsolute();
    }

    @Override
    public @Nullable Path getRoot() {
        return wrap(path.getRoot());
    }

    @Override
    public @Nullable Path getFileName() {
        return wrap(path.getFileName());
    }

    @Override
    public @Nullable Path getParent() {
        return wrap(path.getParent());
    }

    @Override
    public int getNameCount() {
        return path.getNameCount();
    }

    @Override
    public Path getName(int index) {
        return new StepPath(system, path.getName(index));
    }

    @Override
    public Path subpath(int from, int to) {
        return new StepPath(system, path.subpath(from, to));
    }

    @Override
    public boolean startsWith(Path other) {
        return path.startsWith(plain(other));
    }

    @Override
    public boolean endsWith(Path other) {
        return path.endsWith(plain(other));
    }

    @Override
    public Path normalize() {
        return new StepPath(system, path.normalize());
    }

    @Override
    public Path resolve(Path other) {
        return new StepPath(system, path.resolve(plain(other)));
    }

    @Override
    public Path relativize(Path other) {
        return new StepPath(system, path.relativize(plain(other)));
    }

    @Override
    public URI toUri() {
        return path.toUri();
    }

    @Override
    public Path toAbsolutePath() {
        return new StepPath(system, path.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        return new StepPath(system, path.toRealPath(options));
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] kinds, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return path.compareTo(plain(other));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StepPath step && path.equals(step.path);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
