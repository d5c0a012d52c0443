/**
 * The process: what native libraries need of it.
 *
 * <p>Entry type: {@link io.pare.process.NativeEnvironment}. The only package that calls the C
 * library. Depends on java and JNA.
 */
package io.pare.process;
