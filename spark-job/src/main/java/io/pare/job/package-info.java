/**
 * Entry: the command line, the configuration and the pipeline of one compression. {@link
 * io.pare.job.Main} is the only place that ends the process; nothing depends on this package.
 */
package io.pare.job;
