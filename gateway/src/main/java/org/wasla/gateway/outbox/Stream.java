package org.wasla.gateway.outbox;

/** What numbers count: the records of one kind of one device. Immutable. */
record Stream(String device, String kind) {

    /** As gap events name it. */
    @Override
    public String toString() {
        return device + "." + kind;
    }
}
