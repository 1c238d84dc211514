package org.wasla.gateway.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.wasla.bridge.link.Link;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.observation.Mapper;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.seek.CaptureFile;

/**
 * Talks with a device as its profile does, into a capture: what the device is told to be kept is kept there, and on the
 * disk before it is told so. One thread.
 */
final class Conversation {
    private static final long MS = 1_000_000;
    private final Link link;
    private final CaptureFile file;
    private final Talk talk;
    private final Mapper mapper;
    private long messages;
    private long damaged;

    /** @param isDatagrams whether the line keeps packets apart */
    Conversation(Profile profile, boolean isDatagrams, Link link, CaptureFile file) {
        this.link = link;
        this.file = file;
        this.talk = profile.talk().over(isDatagrams).open(System.nanoTime());
        this.mapper = new Mapper(profile.mapping());
    }

    int waitMs(int most) {
        return (int) Math.min(most, talk.waitNs(System.nanoTime()) / MS + 1);
    }

    /** @param length how many bytes came; none or less: it is time for what is due */
    void go(byte[] chunk, int length) throws IOException, InterruptedException {
        long nowNs = System.nanoTime();
        List<Action> actions = length > 0 ? talk.onBytes(chunk, length, nowNs) : talk.onTime(nowNs);
        for (Action action : actions) {
            if (action instanceof Action.Deliver deliver) {
                answer(deliver);
            } else if (action instanceof Action.Report report) {
                damaged += report.size() > 0 ? report.count() : 0;
            }
        }
        for (Action action : actions) {
            if (action instanceof Action.Send send) {
                say(send.bytes());
            }
        }
    }

    private void answer(Action.Deliver deliver) throws IOException, InterruptedException {
        boolean isGood = mapper.map(deliver.message()).refused() == null;
        messages += isGood ? 1 : 0;
        damaged += isGood ? 0 : 1;
        Bytes answer = isGood ? deliver.ifKept() : deliver.ifRefused();
        if (answer.size() > 0) {
            file.sync();
            TimeUnit.NANOSECONDS.sleep(deliver.answerAfterNs());
            say(answer);
        }
    }

    private void say(Bytes bytes) throws IOException {
        link.write(bytes.toArray());
        file.toDevice(bytes.toArray());
    }

    String told() {
        return messages + " messages, " + damaged + " damaged or unknown";
    }
}
