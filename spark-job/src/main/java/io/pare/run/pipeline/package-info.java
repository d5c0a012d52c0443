/**
 * The study of one network as a chain of values: sampled, solved, priced, compressed, measured,
 * written; entry {@link io.pare.run.pipeline.NetworkStudy}. Depends on {@code run.input}.
 */
package io.pare.run.pipeline;
