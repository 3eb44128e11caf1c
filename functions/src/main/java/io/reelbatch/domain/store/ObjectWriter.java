package io.reelbatch.domain.store;

import io.reelbatch.domain.store.ObjectStore.StoredObject;
import java.io.IOException;
import java.io.OutputStream;

/** An object being written. It becomes visible with {@link #commit}; if closed without that, it is discarded. */
public abstract class ObjectWriter extends OutputStream {

    /** Makes the object visible, durable when this returns. Nothing may be written afterwards. */
    public abstract StoredObject commit() throws IOException;

    /** Drops what was written unless it was committed. */
    @Override
    public abstract void close() throws IOException;
}
