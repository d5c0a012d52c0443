/**
 * Many networks in one application: the list in any form that people keep one (YAML, JSON, CSV, a
 * glob of files, the manifest of an ONNX hub), and the job that works on it; entry {@link
 * io.pare.run.zoo.ZooJob}.
 */
package io.pare.run.zoo;
