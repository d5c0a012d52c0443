/**
 * Spark: one class per distributed step, and the Kryo registrator.
 *
 * <p>A {@code ...Stage} runs on the driver and is not serializable; what runs on executors is a
 * private static class named verb + noun at the bottom of the same file. Depends on {@code
 * algorithm}, {@code model} and {@code io}; holds no mathematics.
 */
package io.pare.stage;
