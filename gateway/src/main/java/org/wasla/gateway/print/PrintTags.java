package org.wasla.gateway.print;

import java.util.Set;

/** Attributes of print management (PS3.3 C.13). */
final class PrintTags {
    static final int REFERENCED_CLASS = 0x0008_1150;
    static final int REFERENCED_INSTANCE = 0x0008_1155;
    static final int DISPLAY_FORMAT = 0x2010_0010;
    static final int ANNOTATION_FORMAT = 0x2010_0030;
    static final int SESSION = 0x2010_0500;
    static final int IMAGE_BOXES = 0x2010_0510;
    static final int ANNOTATION_BOXES = 0x2010_0520;
    static final int GRAYSCALE_IMAGE = 0x2020_0110;
    static final int LOOKUP_SEQUENCE = 0x2050_0010;
    static final int LOOKUP_SHAPE = 0x2050_0020;
    static final int LOOKUP_TABLE = 0x2050_0500;
    static final int PRINTER_STATUS = 0x2110_0010;
    static final int PRINTER_INFO = 0x2110_0020;
    static final int PRINTER_NAME = 0x2110_0030;

    static final int SAMPLES = 0x0028_0002;
    static final int PHOTOMETRIC = 0x0028_0004;
    static final int ROWS = 0x0028_0010;
    static final int COLUMNS = 0x0028_0011;
    static final int BITS_ALLOCATED = 0x0028_0100;
    static final int BITS_STORED = 0x0028_0101;

    /** Groups of which all is kept: the image, session, film, boxes, texts, tables, and the patient where a maker sends him. */
    static final Set<Integer> KEPT_GROUPS = Set.of(0x0010, 0x0028, 0x2000, 0x2010, 0x2020, 0x2030, 0x2050, 0x2100);
    /** References to what will be gone when the film is. */
    static final Set<Integer> NOT_KEPT = Set.of(SESSION, IMAGE_BOXES, ANNOTATION_BOXES, GRAYSCALE_IMAGE);

    private PrintTags() {}
}
