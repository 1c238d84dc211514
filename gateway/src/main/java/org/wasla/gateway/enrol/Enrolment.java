package org.wasla.gateway.enrol;

import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.tls.ClockedTrust;
import org.wasla.gateway.tls.TlsClock;
import org.wasla.gateway.tls.TlsFiles;
import org.wasla.gateway.trust.CertificateRequest;
import org.wasla.gateway.trust.EnrolToken;

/** The two exchanges with a region's endpoint. Stateless. */
public final class Enrolment {
    private static final int CHAIN_MAX = 5;
    private static final int GONE = 410;
    private static final int TOO_MANY = 429;

    private Enrolment() {}

    /**
     * Makes a key, asks for its certificate with a token, and keeps both.
     *
     * @throws IOException when there is none; the message says why and what to do
     */
    public static Identity byToken(EnrolToken token, IdentityFolder folder, TlsClock clock) throws IOException {
        KeyPair key = CertificateRequest.freshKey();
        byte[] request =
                CertificateRequest.of(key.getPublic().getEncoded(), key.getPrivate(), token.site(), token.gateway());
        Answer answer;
        try {
            answer = new EstClient(token.endpoint(), TlsFiles.pinned(token.pin(), clock))
                    .enrol(request, token.gateway(), token.secret());
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        } catch (IOException failed) {
            throw new IOException(EstClient.explain(failed, token.endpoint()), failed);
        }
        if (answer instanceof Answer.Refused refused) {
            throw new IOException(text(refused));
        }
        if (!(answer instanceof Answer.Issued issued)) {
            throw new IOException("the region gives no certificate yet; ask it, and enrol with another token");
        }
        try {
            X509Certificate authority =
                    ClockedTrust.pinned(issued.certificates().toArray(new X509Certificate[0]), token.pin());
            List<X509Certificate> chain = chain(issued.certificates(), key.getPublic(), authority, token.gateway());
            Identity identity = new Identity(key.getPrivate(), chain, authority, token.endpoint(), issued.servers());
            folder.store(identity);
            return identity;
        } catch (GeneralSecurityException notOurs) {
            throw new IOException("the endpoint's certificate is not ours: " + notOurs.getMessage(), notOurs);
        }
    }

    private static String text(Answer.Refused refused) {
        String said = refused.why().isEmpty() ? "" : " (" + refused.why() + ")";
        return switch (refused.status()) {
            case 401, 403 -> "the region refuses the token" + said + "; ask it for another one";
            case GONE ->
                "the token is used or has expired" + said
                        + "; if you have not used it, tell the region at once: somebody has. Ask for another one";
            case TOO_MANY ->
                "too many wrong secrets" + said + "; wait ten minutes, and scan the token instead of typing it";
            default -> "the endpoint answers " + refused.status() + said + "; tell the region";
        };
    }

    /**
     * Asks for the next certificate of the same key, and keeps it when it is given.
     *
     * @param endpoint where to ask
     */
    static Answer renew(Identity identity, URI endpoint, IdentityFolder folder, TlsClock clock) throws IOException {
        PublicKey open = identity.certificate().getPublicKey();
        try {
            byte[] request = CertificateRequest.of(
                    open.getEncoded(), identity.secret(), site(identity.certificate()), identity.gateway());
            Answer answer =
                    new EstClient(endpoint, TlsFiles.context(folder.ca(), folder.key(), clock)).reenrol(request);
            if (answer instanceof Answer.Issued issued) {
                List<X509Certificate> chain =
                        chain(issued.certificates(), open, identity.authority(), identity.gateway());
                List<URI> servers = issued.servers().isEmpty() ? identity.servers() : issued.servers();
                folder.store(new Identity(identity.secret(), chain, identity.authority(), endpoint, servers));
            }
            return answer;
        } catch (GeneralSecurityException notOurs) {
            throw new IOException("the endpoint's certificate is not ours: " + notOurs.getMessage(), notOurs);
        }
    }

    /** The site stands in the URI of the certificate, {@code urn:wasla:gw:SITE:GATEWAY}. */
    private static String site(X509Certificate certificate) throws GeneralSecurityException, IOException {
        var names = certificate.getSubjectAlternativeNames();
        for (List<?> each : names == null ? List.<List<?>>of() : names) {
            String[] levels = String.valueOf(each.get(1)).split(":");
            if (levels.length == 5 && levels[0].equals("urn") && levels[1].equals("wasla")) {
                return levels[3];
            }
        }
        throw new IOException("the box's certificate names no site; enrol the box again");
    }

    /** The certificate of the key, then who vouches for it, each checked, up to the authority. */
    private static List<X509Certificate> chain(
            List<X509Certificate> given, PublicKey key, X509Certificate authority, String gateway)
            throws GeneralSecurityException {
        List<X509Certificate> chain = new ArrayList<>();
        X509Certificate last = given.stream()
                .filter(each -> each.getPublicKey().equals(key))
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("none of them is for the box's key"));
        if (!Identity.gateway(last).equals(gateway)) {
            throw new GeneralSecurityException("it is for '" + Identity.gateway(last) + "', not for " + gateway);
        }
        chain.add(last);
        while (!last.equals(authority) && chain.size() < CHAIN_MAX) {
            X509Certificate of = last;
            X509Certificate by = given.stream()
                    .filter(each -> each.getSubjectX500Principal().equals(of.getIssuerX500Principal()))
                    .findFirst()
                    .orElse(authority);
            of.verify(by.getPublicKey());
            chain.add(by);
            last = by;
        }
        if (!last.equals(authority)) {
            throw new GeneralSecurityException("the region's CA does not vouch for it");
        }
        return chain;
    }
}
