/**
 * The list of models of a zoo, in any form that people keep one: YAML, JSON, CSV, a glob of files,
 * the manifest of an ONNX hub. Entry: {@link io.pare.job.zoo.ZooList}. Knows nothing of the job
 * that works on it.
 */
package io.pare.job.zoo;
