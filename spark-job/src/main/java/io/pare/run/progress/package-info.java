/**
 * How far a run is: the time of its phases, and its Spark jobs as one live line on a terminal and
 * as a line now and then in logs. Entry: {@link io.pare.run.progress.JobProgress}.
 */
package io.pare.run.progress;
