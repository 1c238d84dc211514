package org.wasla.gateway.uplink;

/** What a reason code of MQTT 5 (section 2.4) means for us, and what to do about it. Stateless. */
final class Reason {

    static final int NO_SUBSCRIBERS = 0x10;
    static final int FIRST_FAILURE = 0x80;
    static final int TAKEN_OVER = 0x8e;
    static final int NOT_AUTHORISED = 0x87;
    static final int PACKET_TOO_LARGE = 0x95;
    static final int QUOTA = 0x97;
    static final int NO_RETAIN = 0x9a;

    private Reason() {}

    static String text(int code) {
        return String.format("0x%02x %s", code, meaning(code));
    }

    /** Whether a broker that ends the connection with this means a message by it, and not the connection. */
    static boolean isOfMessage(int code) {
        return code == NOT_AUTHORISED || code == 0x90 || code == PACKET_TOO_LARGE || code == 0x99;
    }

    private static String meaning(int code) {
        return switch (code) {
            case 0x80 -> "unspecified error; look at the broker's log";
            case 0x82 -> "protocol error; look at the broker's log";
            case 0x84 -> "the broker does not speak MQTT 5; it must";
            case 0x85 -> "the broker does not accept this client id; allow it there";
            case 0x86 -> "user name or password is wrong; correct uplink.servers";
            case 0x87 ->
                "the broker does not allow this; let the gateway publish to its own topics in the broker's"
                        + " access list";
            case 0x88, 0x89 -> "the broker is not available or busy; it is tried again";
            case 0x8a -> "the broker has banned this client; lift that there";
            case 0x8b -> "the broker is shutting down; it is tried again";
            case 0x8d -> "keep-alive timed out; check the network";
            case TAKEN_OVER ->
                "another client has connected with this gateway's id; give every gateway its own gateway.id";
            case 0x90 -> "the broker does not accept this topic name; allow wasla/1/# there";
            case 0x93 -> "more in flight than the broker allows";
            case PACKET_TOO_LARGE -> "a record is larger than the broker takes; raise its maximum packet size";
            case QUOTA -> "the broker's quota is used up; raise it there";
            case 0x99 -> "the broker does not accept the payload's format";
            case NO_RETAIN -> "the broker does not keep retained messages; it is tried without";
            case 0x9b -> "the broker does not take QoS 1; allow it there";
            case 0x9f -> "the broker limits how often one may connect; it is tried again";
            default -> "no meaning known; look at the broker's log";
        };
    }
}
