package org.wasla.gateway.uplink;

import java.util.Collections;
import java.util.Enumeration;
import org.eclipse.paho.mqttv5.client.MqttClientPersistence;
import org.eclipse.paho.mqttv5.common.MqttPersistable;
import org.jspecify.annotations.Nullable;

/** Keeps nothing: the outbox is the only memory, and a client that lives for one connection has nothing to restore. */
final class Forgetful implements MqttClientPersistence {

    @Override
    public void open(String clientId) {}

    @Override
    public void close() {}

    @Override
    public void put(String key, MqttPersistable message) {}

    @Override
    public @Nullable MqttPersistable get(String key) {
        return null;
    }

    @Override
    public void remove(String key) {}

    @Override
    public Enumeration<String> keys() {
        return Collections.emptyEnumeration();
    }

    @Override
    public void clear() {}

    @Override
    public boolean containsKey(String key) {
        return false;
    }
}
