package org.wasla.ops.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.eclipse.paho.mqttv5.common.MqttException;

/** A peer: the smallest program from a TCP line to MQTT, without a disk. */
final class TcpPaho {
    private TcpPaho() {}

    /** @param args port of the broker, port of the device, window */
    public static void main(String[] args) throws IOException, MqttException {
        PahoSender sender = new PahoSender(Integer.parseInt(args[0]), Integer.parseInt(args[2]));
        PeerRecord record = new PeerRecord();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                sender.publish(record.of(line));
            }
        }
    }
}
