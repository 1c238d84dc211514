package org.wasla.gateway.dicom;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Puts a data set together; of a tag that is put twice the last counts. The representation is the standard's. One thread. */
public final class DataSetBuilder {
    private final TreeMap<Integer, Element> elements = new TreeMap<>(Integer::compareUnsigned);

    /** A text; several values have a backslash between them. */
    public DataSetBuilder text(int tag, String value) {
        return put(new Element(tag, Tags.vr(tag, false), 0, value.length(), new Element.Value.Text(value)));
    }

    public DataSetBuilder items(int tag, List<DataSet> items) {
        return put(new Element(tag, Vr.SQ, 0, -1, new Element.Value.Items(items)));
    }

    public DataSetBuilder put(Element element) {
        elements.put(element.tag(), element);
        return this;
    }

    public DataSetBuilder putAll(DataSet data) {
        data.elements().forEach(this::put);
        return this;
    }

    public DataSetBuilder without(int tag) {
        elements.remove(tag);
        return this;
    }

    public boolean has(int tag) {
        return elements.containsKey(tag);
    }

    public DataSet build() {
        return new DataSet(new ArrayList<>(elements.values()));
    }
}
