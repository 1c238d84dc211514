package org.wasla.gateway.doctor;

import java.util.List;
import org.wasla.gateway.config.Config;

/** Looks for ports that answer whoever reaches them. Stateless. */
public final class PortLook {
    private PortLook() {}

    /** What the configuration leaves open. */
    public static List<Advice> at(Config config) {
        Config.Patients patients = config.patients();
        return patients.isAdtOpen() ? List.of(Advice.note("adt.open", String.valueOf(patients.adtPort()))) : List.of();
    }
}
