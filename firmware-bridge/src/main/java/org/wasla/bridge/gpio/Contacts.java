package org.wasla.bridge.gpio;

/** Is told when a contact opens or closes, and once at the start how it is. Called by a thread of the lines; returns at once. */
@FunctionalInterface
public interface Contacts {
    /** @param isClosed whether the contact is to ground now */
    void changed(Input input, boolean isClosed);
}
