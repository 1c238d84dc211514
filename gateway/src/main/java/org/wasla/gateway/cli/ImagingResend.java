package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.imaging.ForwardLog;
import org.wasla.gateway.imaging.ForwardOrders;
import org.wasla.gateway.imaging.ForwardSettings.Destination;
import org.wasla.gateway.imaging.ImagingSettings;
import org.wasla.gateway.imaging.Instance;
import org.wasla.gateway.imaging.InstanceIndex;
import org.wasla.gateway.imaging.InstanceIndex.Reading;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wasla imaging resend}: objects once more to where they go. */
@Command(
        name = "resend",
        description = {
            "Orders objects to be sent again: those that were set aside, or those named, wherever they are already.",
            "A running agent begins within a second, another one when it starts. Ends with 1 where there is nothing to send."
        })
final class ImagingResend implements Callable<Integer> {
    @Mixin
    ImagingVerb.Which which = new ImagingVerb.Which();

    @Option(names = "--to", paramLabel = "NAME", description = "Only to this destination; else to every one.")
    String to = "";

    @Parameters(
            arity = "0..1",
            paramLabel = "INSTANCE|STUDY|all",
            description = "UID of an object or of a study, or all; nothing: what was set aside.")
    String what = "";

    @Override
    public Integer call() throws Failure, IOException {
        Config config = which.config();
        ImagingSettings dicom = ImagingVerb.Which.dicom(config);
        List<String> names = dicom.forward().destinations().stream()
                .map(Destination::name)
                .filter(name -> to.isEmpty() || name.equals(to))
                .toList();
        if (names.isEmpty()) {
            String known = String.join(
                    ", ",
                    dicom.forward().destinations().stream()
                            .map(Destination::name)
                            .toList());
            throw new Failure(
                    2, "wasla: no such destination in dicom.forward; known: " + (known.isEmpty() ? "none" : known));
        }
        Map<String, ForwardLog.State> states = ForwardLog.read(dicom.dir());
        int orders = 0;
        for (String name : names) {
            BitSet numbers = numbers(config, dicom.dir(), states.getOrDefault(name, new ForwardLog.State()));
            if (!numbers.isEmpty()) {
                ForwardOrders.place(dicom.dir(), List.of(name), numbers);
            }
            System.out.println(name + " objects=" + numbers.cardinality());
            orders += numbers.cardinality();
        }
        return orders == 0 ? 1 : 0;
    }

    private BitSet numbers(Config config, Path dir, ForwardLog.State state) throws IOException {
        BitSet numbers = new BitSet();
        InstanceIndex.visit(dir, config.buffer().looked().safe("imaging"), new InstanceIndex.Visitor() {
            @Override
            public void instance(Instance instance) {
                boolean isMeant = what.isEmpty()
                        ? state.reason(instance.number()) != null
                        : what.equals("all") || what.equals(instance.uid());
                if (isMeant) {
                    numbers.set(instance.number());
                }
            }

            @Override
            public void reading(Reading reading) {
                if (what.equals(reading.study()) && !what.isEmpty()) {
                    numbers.set(reading.number());
                }
            }

            @Override
            public void closed(String study) {
                // whether more is expected of a study is no matter here
            }
        });
        return numbers;
    }
}
