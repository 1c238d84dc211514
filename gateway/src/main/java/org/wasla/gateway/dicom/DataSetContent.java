package org.wasla.gateway.dicom;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What has been read of a data set, an item or a sequence that is still open. One thread. */
final class DataSetContent {
    private final List<Element> elements = new ArrayList<>();
    private final List<DataSet> items = new ArrayList<>();
    private final int tag;
    private final Vr vr;
    private final long at;
    private final long length;
    private CharsetSpec charset;
    private boolean signedPixels;
    private boolean ordered = true;

    private DataSetContent(int tag, Vr vr, long at, long length, CharsetSpec charset, boolean signedPixels) {
        this.tag = tag;
        this.vr = vr;
        this.at = at;
        this.length = length;
        this.charset = charset;
        this.signedPixels = signedPixels;
    }

    static DataSetContent root() {
        return new DataSetContent(0, Vr.UN, 0, 0, CharsetSpec.DEFAULT, false);
    }

    /** Something inside: it inherits what holds here until it says otherwise. */
    DataSetContent inner(int innerTag, Vr innerVr, long innerAt, long innerLength) {
        return new DataSetContent(innerTag, innerVr, innerAt, innerLength, charset, signedPixels);
    }

    CharsetSpec charset() {
        return charset;
    }

    void charset(CharsetSpec told) {
        charset = told;
    }

    boolean signedPixels() {
        return signedPixels;
    }

    void signedPixels(boolean told) {
        signedPixels = told;
    }

    void add(Element element, OddityBook oddities) {
        Element last = elements.isEmpty() ? null : elements.get(elements.size() - 1);
        if (last != null && Integer.compareUnsigned(last.tag(), element.tag()) >= 0) {
            ordered = false;
            oddities.note(last.tag() == element.tag() ? Oddity.Kind.DUPLICATE : Oddity.Kind.OUT_OF_ORDER, element.at());
        }
        elements.add(element);
    }

    void add(DataSet item) {
        items.add(item);
    }

    /** What was read as a sequence. */
    Element sequence() {
        return new Element(tag, vr, at, length, new Element.Value.Items(items));
    }

    /** What was read as a data set. Of a tag that came more than once the first counts. */
    DataSet dataSet(OddityBook oddities) {
        if (ordered) {
            return new DataSet(elements);
        }
        elements.sort(Comparator.comparingInt(element -> element.tag() ^ Integer.MIN_VALUE));
        List<Element> once = new ArrayList<>();
        for (Element element : elements) {
            if (once.isEmpty() || once.get(once.size() - 1).tag() != element.tag()) {
                once.add(element);
            } else {
                oddities.note(Oddity.Kind.DUPLICATE, element.at());
            }
        }
        return new DataSet(once);
    }
}
