namespace IssuerEnrichment.Tests.Http.Hostile;

/// <summary>Status lines and headers, from the unusual to the impossible.</summary>
internal static class HeadMutations
{
    private static readonly string[] HintNames =
    [
        "Retry-After", "retry-after", "Date", "Age", "RateLimit", "RateLimit-Policy", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset",
        "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-RateLimit-Policy", "X-Rate-Limit-Remaining",
    ];

    private static readonly string[] HintValues =
    [
        "0", "1", "3600", "-1", "1e308", "99999999999999999999", "9223372036854775807", "1700000000", "1700000000000", "NaN", "0x10", "", "soon",
        "\"a\";r=0;t=5", "\"a\";q=10;w=1",
        "limit=10, remaining=0, reset=7", "\"", "\\", ";;;===", "Sun, 22 Nov 2026 12:00:30 GMT", "Sun, 31 Feb 2026 25:61:61 GMT",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00", "1, 15000, 7", "100;w=0", "10, 10;w=1, 50;w=-60", "\u00ff\u0080", new('9', 5_000), new(',', 5_000),
    ];

    // Without 429 and 503, which are refusals: those come before an answer, not in its place.
    private static readonly int[] BadStatuses =
    [
        101, 300, 305, 306, 310, 400, 401, 402, 403, 405, 406, 407, 408, 409, 410, 413, 414, 415, 418, 421, 425, 426, 428, 431, 451, 499, 500, 501,
        502, 504, 505, 511, 520, 599, 600, 999,
    ];

    private static readonly int[] Redirects = [301, 302, 303, 307, 308];

    private static readonly string[] Nowhere =
    [
        "", " ", "http://elsewhere.example/", "//elsewhere.example/x", "//", "///", "////x", "\\\\x", "http://", "http:", "http:x", "https:///",
        "http://[", "http://[::1", "http://[::1]/", "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/", "http://127.0.0.1:-1/", "http://user:password@127.0.0.1/", "http://127.0.0.1:80:80/", "::::", ":", "?", "#", "#top",
        "%", "%zz", "..", "../../../..", "\u00e9\u00ff", "a\tb", "a b",
        "javascript:alert(1)", "data:application/json,{}", "file:///etc/passwd", "mailto:nobody", "urn:x", "C:\\x", "http://ex\u00e4mple/",
        "http://xn--/", "http://a..b/", "http://\u00ff/", "http://%41/", "http://0x7f.1/",
        "http://2130706433/", "http:///etc", "http://.", "http://-", "http://*/", "ws://127.0.0.1/", new string('x', 20_000),
        "/" + new string('/', 20_000), "http://" + new string('a', 300) + "/",
    ];

    private static readonly string[] StatusLines =
    [
        "HTTP/1.0 200 OK", "HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.1  200 OK", "HTTP/1.1 2OO OK", "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK",
        "HTTP/1.1 000 None", "HTTP/1.1 099 None", "HTTP/1.1 -200 OK", "HTTP/2 200 OK",
        "HTTP/2.0 200 OK", "HTTP/9.9 200 OK", "HTTP/1.10 200 OK", "HTTP/11 200 OK", "http/1.1 200 ok", "HTTP 200 OK", "ICY 200 OK", "200 OK",
        "HTTP/1.1", "", " HTTP/1.1 200 OK", "HTTP/1.1 200\0OK", "HTTP/1.1 200 \u00ff\u0001",
        "HTTP/1.1 200 " + new string('K', 70_000), "SSH-2.0-OpenSSH_9.6", "220 mail.example ESMTP", "\u0015\u0003\u0001\u0000\u0002\u0002F",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n", "<html>", "{\"data\":{\"isins\":[\"A\"]}}",
    ];

    private static readonly string[] Interim =
    [
        "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
        "HTTP/1.1 102 Processing\r\nRetry-After: 3600\r\n\r\n",
        "HTTP/1.1 199 Whatever\r\nContent-Length: 5\r\n\r\n",
    ];

    private static readonly string[] Unusual =
    [
        "Content-Type: text/html", "Content-Type: application/json; charset=utf-7", "Content-Type: application/json;charset=\"",
        "Content-Type: ;;;", "Content-Type: ", "Content-Type: a/b, c/d", "Content-Language: \u00e9",
        "Content-Range: bytes 0-1/5", "Content-Location: http://[", "Content-Disposition: attachment; filename=\"", "Content-MD5: !!",
        "Expires: -1", "Last-Modified: 0", "ETag: unquoted", "Allow: ,,,", "Vary: *",
        "Set-Cookie: a=b; Domain=elsewhere.example", "Alt-Svc: h3=\":443\"; ma=3600", "Upgrade: h2c", "Trailer: Content-Length", "Warning: 999",
        "Via: ,", "WWW-Authenticate: Negotiate !!", "WWW-Authenticate: Digest realm=\"",
        "Proxy-Authenticate: Basic", "Refresh: 0;url=http://elsewhere.example/", "Location: http://elsewhere.example/", "Location: http://[",
        "Keep-Alive: timeout=0, max=0", "Keep-Alive: timeout=99999999999999999999", "Server: ",
        "X-High: \u00ff\u00fe", "X-Empty:", "Connection: close", "Connection: keep-alive, \"", "Strict-Transport-Security: max-age=x",
        "Accept-Ranges: none", "Pragma: x", "Cache-Control: max-age=99999999999999999999, ,=",
    ];

    private static readonly string[] Malformed =
    [
        "no colon", ": no name", "Na me: x", "Name : x", " folded: x", "\tfolded", "X-Nul: a\0b", "X-Cr: a\rb", "X-Lf: a\nb", "X-\u00ff: x",
        "X-Quote\": x", "(): x", "\0", "\u007f: x", "X-Huge: " + new string('x', 70_000),
        "HTTP/1.1 200 OK", "{\"data\":1}", "Content-Length", "Transfer-Encoding : chunked", "=?utf-8?Q?x?=: y",
    ];

    public static readonly Mutation[] Statuses =
    [
        new("another good status", draft => draft.Status = draft.Pick(201, 202, 203, 206, 226, 299)),
        new("a status without a body", draft =>
        {
            draft.Status = draft.Pick(204, 205, 304);
            draft.Ending = WireEnding.Closes;
            draft.Doubt();
            if (draft.Status == 204)
                draft.Spoil();
        }),
        new("not found", draft => draft.Status = 404),
        new("a bad status", draft => draft.Status = draft.Pick(BadStatuses)),
        new("a redirect", draft =>
        {
            draft.Status = draft.Pick(Redirects);
            draft.Headers.Add($"Location: {HostileService.PathOfPlainAnswers}{draft.Issuer}");
            draft.IsLedOn = true;
        }),
        new("a redirect to nowhere", draft =>
        {
            draft.Status = draft.Pick(Redirects);
            draft.Headers.Add($"Location: {draft.Pick(Nowhere)}");
        }),
        new("an odd status line", draft =>
        {
            draft.StatusLine = draft.Pick(StatusLines);
            draft.Ending = WireEnding.Closes;
            draft.DoubtHead();
        }),
        new("interim answers", draft => draft.Prelude = string.Concat(Enumerable.Repeat(draft.Pick(Interim), draft.Pick(1, 2, 50)))),
        new("odd line ends", draft =>
        {
            draft.LineEnd = draft.Pick("\n", "\r", "\r\r\n", "\n\r");
            draft.Ending = WireEnding.Closes;
            draft.DoubtHead();
        }),
    ];

    public static readonly Mutation[] Headers =
    [
        new("a hint", draft => draft.Headers.Add($"{draft.Pick(HintNames)}: {draft.Pick(HintValues)}")),
        new("a hint of parts", draft => draft.Headers.Add(
            $"{draft.Pick(HintNames)}: {draft.Pick(HintValues)}{draft.Pick(", ", ";", ";w=", "\t")}{draft.Pick(HintValues)}")),
        new("a long header", draft => draft.Headers.Add($"X-Long: {new string('x', 30_000)}")),
        new("many headers", draft => draft.Headers.AddRange(Enumerable.Range(0, 500).Select(number => $"X-{number % 300}: {number}"))),
        new("an unusual header", draft => draft.Headers.Add(draft.Pick(Unusual))),
        new("a header that is none", draft =>
        {
            draft.Headers.Insert(draft.Chance.Next(draft.Headers.Count + 1), draft.Pick(Malformed));
            draft.Ending = WireEnding.Closes;
            draft.DoubtHead();
        }),
    ];
}
