package org.wasla.gateway.config;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.gpio.Board;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.gateway.acts.ActRules;
import org.wasla.gateway.device.DeviceSettings;
import org.wasla.gateway.hospital.HospitalSettings;
import org.wasla.gateway.imaging.ImagingSettings;
import org.wasla.gateway.indicators.Grain;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.page.PageSettings;
import org.wasla.gateway.patient.Beds;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.uplink.UplinkSettings;
import org.wasla.gateway.vault.KeyFile;
import org.wasla.gateway.vault.KeySource;
import org.wasla.gateway.ward.AdtSettings;
import org.wasla.gateway.ward.RegistrySettings;

/**
 * A configuration that was read and checked. Immutable.
 *
 * @param enrol where the box's certificate stands
 * @param further more lines of the same devices, each with its device's id and a profile of its own
 * @param dicom how the box receives images, null when it does not
 * @param board what its lamps and buzzer hang on, null when it has none
 * @param watchdog the device file of the board's own watchdog, null: it is left alone
 * @param trust whose word counts on this box, null: nobody's
 * @param profileFolders where profiles stand, the shipped ones first, without those of a state given from outside
 * @param fhir what is rendered as FHIR, and how often
 * @param alarmsMs for how long a set of current alarms counts
 * @param indicators periods whose indicators are published; none: they are not counted
 * @param epi how signals for epidemiology are published, null when they are not
 * @param acts what counts as an act for the care sheet, null: nothing is told
 * @param hospital the hospital's own systems that are told, null: none is
 * @param metrics where metrics are to be had, null: nowhere
 * @param given what of this was given to the box since it was installed
 * @param page how the local page is served, null: it is not
 */
public record Config(
        Gateway gateway,
        Uplink uplink,
        EnrolReader.Enrol enrol,
        Buffer buffer,
        Patients patients,
        String codes,
        List<Device> devices,
        List<Device> further,
        @Nullable ImagingSettings dicom,
        @Nullable Board board,
        @Nullable Path watchdog,
        TrustReader.@Nullable Trust trust,
        List<Path> profileFolders,
        FhirReader.Rates fhir,
        long alarmsMs,
        Set<Grain> indicators,
        @Nullable Epi epi,
        @Nullable ActRules acts,
        @Nullable HospitalSettings hospital,
        @Nullable InetSocketAddress metrics,
        Given given,
        @Nullable PageSettings page) {
    public Config {
        further = List.copyOf(further);
        devices = List.copyOf(devices);
        indicators = Set.copyOf(indicators);
        profileFolders = List.copyOf(profileFolders);
    }

    /** Whose list of devices it is, where that is not the file's. */
    public String source() {
        boolean isOfFile = given.listing().equals(given.installed());
        String source = isOfFile ? "" : ", by the list given last and not by this file";
        return given.why().isEmpty() ? source : source + "; the state given last cannot be read by this software";
    }

    /** The same with other devices. */
    public Config with(DeviceList list) {
        return new Config(
                gateway,
                uplink,
                enrol,
                buffer,
                patients,
                codes,
                list.devices(),
                list.further(),
                dicom,
                board,
                watchdog,
                trust,
                profileFolders,
                fhir,
                alarmsMs,
                indicators,
                epi,
                acts,
                hospital,
                metrics,
                given,
                page);
    }

    /** What kind of device this is: one that is configured, a part of one, or one that its port told of; else empty. */
    public String kind(String device) {
        for (Device each : devices) {
            boolean isPart =
                    each.parts().values().stream().anyMatch(part -> part.id().equals(device));
            if (isPart || device.equals(each.id()) || device.startsWith(each.id() + '-')) {
                return each.profile().device().kind();
            }
        }
        return "";
    }

    /** Who this box is. */
    public record Gateway(String id, String region, String site, ZoneId zone) {}

    /** Where records go, and how much when. */
    public record Uplink(
            List<URI> servers,
            @Nullable Path ca,
            @Nullable Path key,
            UplinkSettings.Encoding encoding,
            UplinkSettings.Flow flow) {
        public Uplink {
            servers = List.copyOf(servers);
        }
    }

    /**
     * Where records wait.
     *
     * @param maxBytes all files together
     * @param commitMs how long observations may wait for others before they are made durable
     * @param memoryBytes all files together while the disk cannot be written and they lie in memory
     * @param key what the key is wrapped with that encrypts what the box keeps; none: nothing is encrypted
     */
    public record Buffer(Path dir, long maxBytes, long commitMs, long memoryBytes, KeySource key) {
        /** For who runs on it: the key is made when there is none yet. */
        public OutboxSettings opened() throws IOException {
            return new OutboxSettings(dir, maxBytes, commitMs, KeyFile.open(dir, key));
        }

        /** For who only looks. */
        public OutboxSettings looked() throws IOException {
            return new OutboxSettings(dir, maxBytes, commitMs, KeyFile.find(dir, key));
        }
    }

    /**
     * How signals are published.
     *
     * @param weekly whether they are held until the week is over, else until the day is
     * @param site class of the site, or null
     */
    public record Epi(boolean weekly, @Nullable String site) {}

    /**
     * How patients are known. The folder of patients is used only where something is asked for that needs it.
     *
     * @param adt the port for the hospital's messages, and who may talk to it
     * @param beds how the hospital's beds are called here
     * @param bedsAttribute whether a bed alone names the patient of a record
     * @param dir folder of patients
     * @param idleMs a device that is not heard for so long is on nobody any more; 0: that ends nothing
     * @param authority of patient numbers that come without one, may be empty
     * @param wristband form of the house's own wristbands, or null
     * @param keepMs who is in no bed and on no device is forgotten after so long without news; 0: never
     * @param registry what a registry of patients is told and asked, null: there is none
     */
    public record Patients(
            boolean isAsked,
            AdtSettings adt,
            Beds beds,
            boolean bedsAttribute,
            Path dir,
            long idleMs,
            String authority,
            @Nullable Pattern wristband,
            long keepMs,
            @Nullable RegistrySettings registry) {
        /** TCP port for the hospital's messages, 0 for none. */
        public int adtPort() {
            return adt.port();
        }

        /** Whether that port answers whoever reaches it. */
        public boolean isAdtOpen() {
            return adt.port() > 0 && !adt.isGuarded();
        }
    }

    /**
     * One device, with its line settings made whole from its profile.
     *
     * @param parts names and locations of the devices behind its port, by the part that a message names
     * @param aliases what else it is called by
     */
    public record Device(
            String id,
            @Nullable String location,
            Profile profile,
            LinkSettings link,
            Map<String, DeviceSettings.Part> parts,
            List<String> aliases) {
        public Device {
            aliases = List.copyOf(aliases);
            parts = Map.copyOf(parts);
        }
    }
}
