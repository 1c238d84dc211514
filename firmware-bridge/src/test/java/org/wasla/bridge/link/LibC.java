package org.wasla.bridge.link;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;

/** What {@link Pty} needs of the C library; the constants are those of Linux on x86 and ARM. Thread-safe. */
interface LibC extends Library {
    LibC INSTANCE = Native.load("c", LibC.class);

    int O_RDWR = 2;
    int O_NOCTTY = 0x100;
    int O_NONBLOCK = 0x800;
    int O_CLOEXEC = 0x80000;
    int POLLIN = 1;
    int POLLOUT = 4;
    int EINTR = 4;
    int EAGAIN = 11;
    /** Reads a struct termios2 (44 bytes, the output speed at byte 40), where any speed is a plain number. */
    int TCGETS2 = 0x802C542A;

    int posix_openpt(int flags);

    int grantpt(int master);

    int unlockpt(int master);

    int ptsname_r(int master, byte[] name, NativeLong size);

    int open(String path, int flags);

    int close(int file);

    NativeLong read(int file, byte[] buffer, NativeLong count);

    NativeLong write(int file, byte[] bytes, NativeLong count);

    int poll(Memory pollFds, NativeLong count, int waitMs);

    int ioctl(int file, NativeLong request, Memory argument);

    int tcgetattr(int file, Memory termios);

    void cfmakeraw(Memory termios);

    int tcsetattr(int file, int when, Memory termios);
}
