package org.wasla.gateway.profile;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.Flow;
import org.wasla.gateway.acts.PeriodRules;
import org.wasla.gateway.message.TalkSpec;
import org.wasla.gateway.observation.Mapping;
import org.wasla.gateway.simulator.Simulator;

/**
 * A device profile that was read and checked. Immutable.
 *
 * @param hash first 12 hex of the SHA-256 of the file's bytes
 * @param folder where it was read from; its captures stand below
 * @param serialTries line settings worth trying, the usual one first; empty for devices without a serial port
 * @param tcpPort the port that the device listens on, or 0
 * @param simulator null when the device cannot be simulated
 * @param fingerprint how the device is recognised beside its grammar
 * @param act what shows that the device infuses or ventilates, or null
 * @param installation notes for the installer by topic
 * @param wiring kinds of cable that the device may have, the likeliest first; each has a drawing on the page
 */
public record Profile(
        String id,
        String version,
        Device device,
        Trust trust,
        List<String> sources,
        List<String> serialTries,
        Flow flow,
        int tcpPort,
        TalkSpec talk,
        Mapping mapping,
        @Nullable Simulator simulator,
        Fingerprint fingerprint,
        @Nullable PeriodRules act,
        Map<String, String> installation,
        List<Wiring> wiring,
        String hash,
        Path folder) {
    public Profile {
        sources = List.copyOf(sources);
        serialTries = List.copyOf(serialTries);
        installation = Map.copyOf(installation);
        wiring = List.copyOf(wiring);
    }

    /** Which devices the profile is for. */
    public record Device(List<String> makers, List<String> models, String kind) {
        public Device {
            makers = List.copyOf(makers);
            models = List.copyOf(models);
        }
    }

    /** How a cable is made, each drawn in {@code page/wiring}. */
    public enum Wiring {
        /** DB-9, three wires, straight or crossed. */
        RS232,
        /** The same with RTS and CTS. */
        RS232_RTS_CTS,
        /** DB-25 at the device. */
        RS232_DB25,
        /** A socket that looks like the network's and is a serial line; its pins are the maker's. */
        RJ45_SERIAL,
        /** RJ-45 of a Philips MIB/RS-232 board. */
        RJ45_MIB,
        RS485,
        ETHERNET,
        /** The device's own USB cable. */
        USB,
        /** Serial of 3.3 or 5 V. */
        LOGIC_LEVEL,
        /** One wire and ground beside another system. */
        LISTENING,
        /** What keeps the patient's circuit apart. */
        ISOLATION;

        public String wire() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What the profile was proven on, the best first. */
    public enum Trust {
        VERIFIED_ON_REAL_BYTES,
        FROM_MANUFACTURER_EXAMPLES,
        FROM_PUBLIC_CODE,
        UNVERIFIED;

        public String wire() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** @return id@version, as in records */
    public String name() {
        return id + "@" + version;
    }
}
