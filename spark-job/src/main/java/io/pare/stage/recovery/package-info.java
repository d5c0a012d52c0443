/**
 * Recovery: the compressed network learns the original's outputs again, without labels, by gradient
 * steps whose parts are computed on the executors: {@link
 * io.pare.stage.recovery.RecoverNetworkStage}. Depends on {@code stage.images} and {@code
 * stage.network}.
 */
package io.pare.stage.recovery;
