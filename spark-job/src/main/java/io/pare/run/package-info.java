/**
 * The jobs: one compression, a sweep, an evaluation, each told as the chain of its steps; entry
 * {@link io.pare.run.CompressionJob}. Depends on everything but {@code cli}.
 */
package io.pare.run;
