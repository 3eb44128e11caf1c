package software.amazon.awssdk.regions;

/**
 * Takes the place of the SDK's class of this name, which makes an object of a class of its own for each of some three hundred services
 * when the first client of any is built. Of what it knew, clients use the region that requests are signed for. For our services that
 * is the region that they are in, which is what the SDK takes it for where nothing is known. Endpoints come from each service's own rules.
 */
public final class GeneratedServiceMetadataProvider implements ServiceMetadataProvider {
    @Override
    @SuppressWarnings("NullAway") // The SDK's word for a service of which nothing is known.
    public ServiceMetadata serviceMetadata(String endpointPrefix) {
        return null;
    }
}
