package org.wasla.gateway.uplink;

import java.util.regex.Pattern;

/**
 * The topics of one gateway, {@code wasla/1/{region}/{site}/{gateway}/...}. Immutable.
 *
 * @param region level of letters, digits and hyphens, as the others
 * @param site the hospital
 * @param gateway the gateway's id
 */
public record Topics(String region, String site, String gateway) {

    /** Minor version of the contract, the user property {@code sv}; the major one is a level of every topic. */
    public static final String SCHEMA_MINOR = "1";

    private static final Pattern LEVEL = Pattern.compile("[a-z0-9-]+");

    /** Checks the levels. */
    public Topics {
        check("gateway.region", region);
        check("gateway.site", site);
        check("gateway.id", gateway);
    }

    private static void check(String name, String level) {
        if (!LEVEL.matcher(level).matches()) {
            throw new IllegalArgumentException(name + " must be made of a-z, 0-9 and hyphens: " + level);
        }
    }

    /** Of the gateway itself: state, meta, health, audit. */
    public String own(String leaf) {
        return "wasla/1/" + region + "/" + site + "/" + gateway + "/" + leaf;
    }

    /** Of one device: state, meta and the kinds of records. */
    public String device(String device, String leaf) {
        return own("d/" + device + "/" + leaf);
    }

    /** Whether a topic is of a device, not of the gateway itself. */
    static boolean isOfDevice(String topic) {
        return topic.contains("/d/");
    }

    /** Of the gateway's indicators; the leaf is minute, hour or day. */
    public String indicators(String leaf) {
        return "wasla-agg/1/" + region + "/" + site + "/" + gateway + "/" + leaf;
    }

    /** Of signals without identity: the same for every gateway of a region. */
    public String signals() {
        return "wasla-epi/1/" + region + "/signal";
    }

    public String state() {
        return own("state");
    }
}
