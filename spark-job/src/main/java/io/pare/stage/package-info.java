/**
 * What Spark needs of the whole application: the Kryo registrator and the metrics plugin. The
 * distributed steps are in the packages below.
 *
 * <p>A {@code ...Stage} runs on the driver and is not serializable; what runs on executors is a
 * private static class named verb + noun at the bottom of the same file. Stages depend on {@code
 * algorithm}, {@code model} and {@code io}, and hold no mathematics.
 */
package io.pare.stage;
