package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.imaging.ImagingSettings.Limits;

/** Whatever is said to these services is answered or ends its own association, and the next caller is served. */
class ServicesFuzzIT {
    private static final int ROUNDS = Boolean.getBoolean("wasla.long") ? 20_000 : 400;
    private static final long SEED = 20_260_616;
    private static final List<String> CLASSES = List.of(StepBook.SOP_CLASS, CommitBook.SOP_CLASS, Worklist.SOP_CLASS);
    private static final int[] COMMANDS = {
        CommandSet.N_CREATE,
        CommandSet.N_SET,
        CommandSet.N_ACTION,
        CommandSet.C_FIND,
        CommandSet.C_ECHO,
        CommandSet.N_EVENT_REPORT | CommandSet.REPLY,
        CommandSet.C_CANCEL
    };

    @TempDir
    Path dir;

    private final Random random = new Random(SEED);

    private static byte[] sound() {
        DataSetBytes reference =
                DataSetBytes.explicit().text(0x0008_1150, "UI", Objects.CT).text(0x0008_1155, "UI", "1.2.3");
        DataSetBytes request = DataSetBytes.explicit().text(0x0020_000d, "UI", "1.9");
        DataSetBytes step =
                DataSetBytes.explicit().text(Worklist.MODALITY, "CS", "CT").text(Worklist.START_DAY, "DA", "20260101-");
        return DataSetBytes.explicit()
                .text(0x0008_0005, "CS", "ISO 2022 IR 100\\ISO 2022 IR 127")
                .text(0x0008_1195, "UI", "1.7.1")
                .sequence(0x0008_1199, reference)
                .text(Worklist.NAME, "PN", "A*?^\u001b-Gx")
                .sequence(Worklist.STEPS, step)
                .text(0x0040_0252, "CS", "IN PROGRESS")
                .sequence(0x0040_0270, request)
                .toArray();
    }

    private Bytes damaged() {
        byte[] bytes = sound();
        for (int i = random.nextInt(6); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        int cut = random.nextInt(4) == 0 ? random.nextInt(bytes.length) & ~1 : bytes.length;
        return Bytes.of(java.util.Arrays.copyOf(bytes, Math.max(2, cut)));
    }

    private CommandSet command(String sopClass) {
        CommandSet set = CommandSet.of(COMMANDS[random.nextInt(COMMANDS.length)])
                .with(CommandSet.MESSAGE_ID, random.nextInt(0x10000))
                .with(random.nextBoolean() ? CommandSet.SOP_CLASS : CommandSet.REQUESTED_CLASS, sopClass)
                .with(CommandSet.ACTION_TYPE, random.nextInt(3));
        if (random.nextBoolean()) {
            set = set.with(CommandSet.REQUESTED_INSTANCE, random.nextBoolean() ? CommitBook.INSTANCE : "1.2");
        }
        return random.nextBoolean() ? set.with(CommandSet.INSTANCE, "1.2." + random.nextInt(50)) : set;
    }

    /** Says something and, where an answer is owed, hears it; false when the association is over. */
    private boolean say(Requester to, CommandSet set) {
        boolean hasData = random.nextInt(8) > 0;
        try {
            to.send(hasData ? set.withDataSet() : set, hasData ? damaged() : Bytes.NONE);
            if ((set.command() & CommandSet.REPLY) == 0 && set.command() != CommandSet.C_CANCEL) {
                int status = 0xff00;
                while (status == 0xff00) {
                    status = to.receive().set().number(CommandSet.STATUS, 0xff00);
                }
            }
            return true;
        } catch (IOException over) {
            return false;
        }
    }

    @Test
    void nothingThatIsSaidStopsThem() throws Exception {
        Surroundings around = new Surroundings(
                query -> List.of(WorklistIT.order("1", "A", "B", "CT", "", "2026-06-16T08:00")),
                (said, study) -> Whose.UNASKED,
                null);
        try (Receiver receiver = new Receiver(dir, Receiver.settings(dir, Limits.USUAL, null), around)) {
            for (String sopClass : CLASSES) {
                @Nullable Requester peer = null;
                for (int round = 0; round < ROUNDS / CLASSES.size(); round++) {
                    if (peer == null) {
                        peer = Requester.open(receiver.peer(), sopClass, false, "", Timing.USUAL);
                    }
                    if (!say(peer, command(sopClass))) {
                        peer = null;
                    }
                }
                if (peer != null) {
                    peer.close();
                }
            }
            try (Requester modality = StepsIT.open(receiver)) {
                Bytes good = Bytes.of(sound());
                assertEquals(
                        0, StepsIT.create(modality, "1.2.99.1", good).number(CommandSet.STATUS, -1), "seed " + SEED);
            }
        }
    }
}
