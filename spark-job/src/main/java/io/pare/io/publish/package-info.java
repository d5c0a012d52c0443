/**
 * Results that appear complete or not at all: {@link io.pare.io.publish.ResultPublisher}.
 *
 * <p>Knows Hadoop's file systems, and nothing of what it publishes.
 */
package io.pare.io.publish;
