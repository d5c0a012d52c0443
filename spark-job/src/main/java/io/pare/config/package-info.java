/**
 * Options: conf/pare.conf, a user's file and the command line as typed records that check
 * themselves; entry {@link io.pare.config.JobConfig}. Knows no job.
 */
package io.pare.config;
