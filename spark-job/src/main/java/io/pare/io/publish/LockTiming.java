package io.pare.io.publish;

import java.time.Duration;

/**
 * How a run shows that it is alive, and when it counts as dead.
 *
 * @param heartbeat time between two signs of life
 * @param expiry silence after which another run takes over; at least three heartbeats
 */
record LockTiming(Duration heartbeat, Duration expiry) {

  LockTiming {
    if (heartbeat.isNegative()
        || heartbeat.isZero()
        || expiry.compareTo(heartbeat.multipliedBy(3)) < 0) {
      throw new IllegalArgumentException(
          "a lock expires after at least three heartbeats: " + heartbeat + ", " + expiry);
    }
  }

  /** Six signs of life before a run counts as dead. */
  static LockTiming expiringAfter(Duration expiry) {
    return new LockTiming(expiry.dividedBy(6), expiry);
  }
}
