/**
 * Finished parts of a run that a later one can go on from: {@link
 * io.pare.io.checkpoint.CheckpointStore}.
 *
 * <p>Knows files and records, and nothing of what is in them.
 */
package io.pare.io.checkpoint;
