package org.wasla.gateway.codec;

import java.util.List;
import java.util.Map;
import org.wasla.gateway.codec.IntellivueWire.Carrier;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.message.TalkSpec;

/**
 * How a Philips IntelliVue monitor is talked with: its Data Export interface (bedside.md 2.1). Immutable.
 *
 * @param waves label ids of the waves to ask for, the most wanted first; none: waves are not asked for
 * @param units UCUM units by the monitor's unit codes
 * @param silent whether not a byte is sent
 */
public record IntellivueSpec(List<Integer> waves, Map<Integer, String> units, Carrier carrier, boolean silent)
        implements TalkSpec {
    public IntellivueSpec {
        waves = List.copyOf(waves);
        units = Map.copyOf(units);
    }

    public IntellivueSpec(List<Integer> waves, Map<Integer, String> units) {
        this(waves, units, Carrier.EITHER, false);
    }

    @Override
    public Talk open(long nowNs) {
        return new IntellivueTalk(this, nowNs);
    }

    @Override
    public IntellivueSpec listening() {
        return new IntellivueSpec(waves, units, carrier, true);
    }

    @Override
    public IntellivueSpec over(boolean datagrams) {
        return new IntellivueSpec(waves, units, datagrams ? Carrier.LAN : Carrier.RS232, silent);
    }

    @Override
    public long gapNs() {
        return IntellivueTalk.GAP_NS;
    }

    @Override
    public boolean isChecked() {
        return true;
    }
}
