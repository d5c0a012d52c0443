/**
 * The plumbing that every distributed step shares: one wrapper around tasks, partitions that are
 * kept as they finish, serializers, checkpoints, counters. Knows Spark and no step.
 */
package io.pare.stage.spark;
