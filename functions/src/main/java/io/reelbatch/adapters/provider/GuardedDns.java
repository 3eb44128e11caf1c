package io.reelbatch.adapters.provider;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves hosts of URLs that come from outside. The connection is made to the very addresses that are checked here, so a
 * name that resolves differently a moment later gains nothing.
 */
final class GuardedDns implements DnsResolver {
    private final DnsResolver dns;
    private final boolean allowLoopback;

    GuardedDns(DnsResolver dns, boolean allowLoopback) {
        this.dns = dns;
        this.allowLoopback = allowLoopback;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = dns.resolve(host);
        if (addresses == null || addresses.length == 0) {
            throw new UnknownHostException(host);
        }
        for (InetAddress address : addresses) {
            if (!isAllowed(host, address)) {
                throw new ForbiddenAddressException(host, address);
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return dns.resolveCanonicalHostname(host);
    }

    private boolean isAllowed(String host, InetAddress address) {
        return Hosts.isLoopback(host) ? allowLoopback && address.isLoopbackAddress() : AddressRules.isPublic(address);
    }

    /** The host leads into a network that a URL from outside must not reach. */
    static final class ForbiddenAddressException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        ForbiddenAddressException(String host, InetAddress address) {
            super(host + " leads to " + address.getHostAddress() + ", which is not a public address");
        }
    }
}
