// Dials agents with go-spiffe, by exact SPIFFE ID, and reads a card over the connection.
//
// Arguments: ADDRESS CREDENTIALS ID, the credentials as a folder with svid.pem, key.pem, bundle.pem. Says what passed.
package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spiffe/go-spiffe/v2/bundle/x509bundle"
	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"github.com/spiffe/go-spiffe/v2/spiffetls/tlsconfig"
	"github.com/spiffe/go-spiffe/v2/svid/x509svid"
)

func main() {
	address, folder, id := os.Args[1], os.Args[2], spiffeid.RequireFromString(os.Args[3])
	svid, err := x509svid.Load(filepath.Join(folder, "svid.pem"), filepath.Join(folder, "key.pem"))
	check(err)
	bundle, err := x509bundle.Load(id.TrustDomain(), filepath.Join(folder, "bundle.pem"))
	check(err)

	exact := named(tlsconfig.MTLSClientConfig(svid, bundle, tlsconfig.AuthorizeID(id)))
	card, err := read(address, exact)
	check(err)
	if !strings.Contains(card, `"protocolBinding":"GRPC"`) {
		fail("no card: " + card)
	}
	fmt.Println("passed: an agent dialed by its exact ID")

	other := spiffeid.RequireFromPath(id.TrustDomain(), "/agent/another")
	refused("an agent of another ID", address, named(tlsconfig.MTLSClientConfig(svid, bundle, tlsconfig.AuthorizeID(other))))
	refused("a dialer without an SVID", address, named(tlsconfig.TLSClientConfig(bundle, tlsconfig.AuthorizeID(id))))
	refused("a dialer that names no protocol", address, tlsconfig.MTLSClientConfig(svid, bundle, tlsconfig.AuthorizeID(id)))
	old := named(tlsconfig.MTLSClientConfig(svid, bundle, tlsconfig.AuthorizeID(id)))
	old.MaxVersion = tls.VersionTLS12
	refused("a dialer that knows TLS 1.2 only", address, old)
}

// An agent answers only who says what it wants to speak.
func named(config *tls.Config) *tls.Config {
	config.NextProtos = []string{"http/1.1"}
	return config
}

func read(address string, config *tls.Config) (string, error) {
	client := http.Client{Timeout: 120 * time.Second, Transport: &http.Transport{TLSClientConfig: config}}
	answer, err := client.Get("https://" + address + "/.well-known/agent-card.json")
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return string(body), err
}

func refused(who, address string, config *tls.Config) {
	if card, err := read(address, config); err == nil {
		fail(who + " read " + card)
	}
	fmt.Println("passed: " + who + " is refused")
}

func check(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, "FAILED: "+why)
	os.Exit(1)
}
