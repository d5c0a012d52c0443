package io.pare.model.inference;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The one expensive object of an executor JVM: its inference sessions, kept between tasks and
 * shared by the tasks that run at the same time. Loading parses and rearranges all weights, and
 * every session holds its own copy of them outside the heap.
 *
 * <p>A session is known by the SHA-256 of its model and its threads, and is handed out as a {@link
 * Lease}. At most {@value #CAPACITY} sessions, of models of half a gigabyte together, stay open
 * when nobody uses them, and always the one used last; the least recently used is closed first,
 * never one that is leased. Thread-safe.
 */
public final class InferenceSessions {
  private static final int CAPACITY = 4;
  private static final long MOST_BYTES = 512L << 20;
  private static final Map<Key, Entry> SESSIONS = new LinkedHashMap<>(16, 0.75f, true);

  private InferenceSessions() {}

  private record Key(String sha256, int threads) {}

  /** A session being used; closing the lease gives it back. Not thread-safe. */
  public static final class Lease implements AutoCloseable {
    private final Entry entry;
    private boolean open = true;

    private Lease(Entry entry) {
      this.entry = entry;
    }

    /** The session, open until the lease is closed. */
    public InferenceSession session() {
      if (!open) {
        throw new IllegalStateException("the lease of an inference session has been closed");
      }
      return entry.session.orElseThrow();
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        giveBack(entry);
      }
    }
  }

  /** {@code leases} is guarded by the cache's lock, the others by the entry's own. */
  private static final class Entry {
    private int leases;
    private long bytes;
    private Optional<InferenceSession> session = Optional.empty();
  }

  /**
   * Leases a session of a model, opening it where this JVM has none yet: only then are its bytes
   * read.
   *
   * @param sha256 of the bytes that {@code model} gives
   */
  public static Lease lease(String sha256, Supplier<byte[]> model, int threads) {
    Entry entry;
    synchronized (SESSIONS) {
      entry = SESSIONS.computeIfAbsent(new Key(sha256, threads), key -> new Entry());
      entry.leases++;
    }
    Lease lease = new Lease(entry);
    try {
      synchronized (entry) {
        if (entry.session.isEmpty()) {
          byte[] file = model.get();
          entry.session = Optional.of(InferenceSession.open(file, threads));
          entry.bytes = file.length;
        }
      }
      return lease;
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  private static void giveBack(Entry entry) {
    synchronized (SESSIONS) {
      entry.leases--;
      Iterator<Entry> oldestFirst = SESSIONS.values().iterator();
      int open = SESSIONS.size();
      long bytes = SESSIONS.values().stream().mapToLong(each -> each.bytes).sum();
      while (oldestFirst.hasNext()) {
        Entry candidate = oldestFirst.next();
        boolean tooMany = oldestFirst.hasNext() && (open > CAPACITY || bytes > MOST_BYTES);
        if (candidate.leases == 0 && (tooMany || candidate.session.isEmpty())) {
          oldestFirst.remove();
          candidate.session.ifPresent(InferenceSession::close);
          open--;
          bytes -= candidate.bytes;
        }
      }
    }
  }

  /** Number of sessions that are open in this JVM. */
  static int open() {
    synchronized (SESSIONS) {
      return SESSIONS.size();
    }
  }

  /** The hash by which a model is known, in hexadecimal. */
  public static String sha256(byte[] model) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(model));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
