package org.wasla.ops.bench;

import java.io.IOException;

/**
 * What a process did and cost over some time.
 *
 * @param rate records a second at the subscriber
 */
record Sample(double rate, double cpuSecondsAMillion, double peakMb, double bytesARecord) {
    static Sample over(double seconds, Subject subject, Meter meter) throws IOException {
        long fromNs = System.nanoTime();
        long records = meter.records();
        long bytes = meter.bytes();
        double cpu = subject.cpuSeconds();
        Wait.seconds(seconds);
        subject.mustLive();
        double took = (System.nanoTime() - fromNs) / 1e9;
        long came = meter.records() - records;
        double used = subject.cpuSeconds() - cpu;
        double each = Math.max(1, came);
        return new Sample(came / took, used / each * 1e6, subject.peakMb(), (meter.bytes() - bytes) / each);
    }
}
