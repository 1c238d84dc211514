package org.wasla.gateway.print;

import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.DataSet;

/** A place on a film, with the picture that was sent for it. One thread. */
final class ImageBox {
    private final String uid;
    private final int position;
    private DataSet attributes = DataSet.EMPTY;
    private @Nullable Image image;
    private boolean isStored;

    /** @param position from 1 */
    ImageBox(String uid, int position) {
        this.uid = uid;
        this.position = position;
    }

    String uid() {
        return uid;
    }

    int position() {
        return position;
    }

    DataSet attributes() {
        return attributes;
    }

    @Nullable
    Image image() {
        return image;
    }

    /** Whether there is a picture that is not stored as it would be printed now. */
    boolean isDue() {
        return image != null && !isStored;
    }

    /** Takes what was sent, which was found good; an empty sequence takes the picture away. */
    void set(DataSet data) {
        if (data.element(PrintTags.GRAYSCALE_IMAGE) != null) {
            image = Image.of(data.item(PrintTags.GRAYSCALE_IMAGE));
        }
        attributes = Kept.joined(attributes, Kept.of(data));
        isStored = false;
    }

    void stored(boolean isStoredNow) {
        isStored = isStoredNow;
    }

    long bytes() {
        return Kept.bytes(attributes) + (image == null ? 0 : Kept.bytes(image.attributes()));
    }
}
