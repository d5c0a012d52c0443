/**
 * How far the Spark jobs of a run are, as one live line on a terminal and as a line now and then in
 * logs. Entry: {@link io.pare.job.progress.JobProgress}.
 */
package io.pare.job.progress;
