package org.wasla.ops.bench;

import org.eclipse.paho.mqttv5.common.MqttException;

/** A peer: publishes the same record again and again. Neither disk, nor line, nor parsing. */
final class BarePaho {
    private BarePaho() {}

    /** @param args port of the broker, window */
    public static void main(String[] args) throws MqttException {
        PahoSender sender = new PahoSender(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
        byte[] record =
                new PeerRecord().of(new String(new Lines(1).next(1), java.nio.charset.StandardCharsets.US_ASCII));
        while (true) {
            sender.publish(record);
        }
    }
}
