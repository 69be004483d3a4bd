using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace RegistryIndex.Testing.Aws;

/// <summary>An access key with its secret, and with a token if it is temporary.</summary>
public sealed record AwsKeys(string AccessKey, string Secret, string? Token);

/// <summary>A request with a valid signature (version 4).</summary>
/// <param name="AccessKey">The key it was signed with.</param>
/// <param name="Token">The token that came with it, if any.</param>
/// <param name="Region">The region it was signed for.</param>
/// <param name="Service">The service it was signed for.</param>
public sealed partial record SignedRequest(string AccessKey, string? Token, string Region, string Service)
{
    /// <summary>Checks a request as AWS does: the signature, the token, and that its time differs by at most five minutes.</summary>
    /// <returns>The credentials with which it was signed. Null if it is refused.</returns>
    internal static SignedRequest? Check(HttpRequest request, byte[] body, ConcurrentDictionary<string, AwsKeys> known, DateTimeOffset now, out (string Code, string Message)? problem)
    {
        problem = null;
        if (Authorization().Match(request.Headers.Authorization.ToString()) is not { Success: true } parts)
            return Refuse("MissingAuthenticationTokenException", "Request is missing Authentication Token", out problem);
        var (accessKey, day, region, service) = (parts.Groups["key"].Value, parts.Groups["day"].Value, parts.Groups["region"].Value, parts.Groups["service"].Value);
        string? token = request.Headers["X-Amz-Security-Token"].ToString() is { Length: > 0 } given ? given : null;
        if (!known.TryGetValue(accessKey, out var keys) || keys.Token != token)
            return Refuse("UnrecognizedClientException", "The security token included in the request is invalid.", out problem);
        var date = request.Headers["X-Amz-Date"].ToString();
        var signed = DateTimeOffset.ParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        if (now - signed > TimeSpan.FromMinutes(5))
            return Refuse("InvalidSignatureException", $"Signature expired: {date} is now earlier than {Basic(now.AddMinutes(-5))} ({Basic(now)} - 5 min.)", out problem);
        if (signed - now > TimeSpan.FromMinutes(5))
            return Refuse("InvalidSignatureException", $"Signature not yet current: {date} is still later than {Basic(now.AddMinutes(5))} ({Basic(now)} + 5 min.)", out problem);

        var headers = parts.Groups["headers"].Value.Split(';');
        if (token is not null && !headers.Contains("x-amz-security-token"))
            return Refuse("InvalidSignatureException", "The security token is not part of the signature.", out problem);
        var query = string.Join('&', request.Query.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value.ToString())}"));
        var hash = request.Headers["x-amz-content-sha256"].ToString() is { Length: > 0 } sent ? sent : Hex(SHA256.HashData(body));
        var canonical = string.Join('\n', [request.Method, request.Path.Value, query, .. headers.Select(name => $"{name}:{request.Headers[name].ToString().Trim()}"), "", string.Join(';', headers), hash]);
        var toSign = $"AWS4-HMAC-SHA256\n{date}\n{day}/{region}/{service}/aws4_request\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = new[] { day, region, service, "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + keys.Secret), (secret, part) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(part)));
        return Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign))) == parts.Groups["signature"].Value
            ? new(accessKey, token, region, service)
            : Refuse("InvalidSignatureException", "The request signature we calculated does not match the signature you provided.", out problem);
    }

    private static SignedRequest? Refuse(string code, string message, out (string Code, string Message)? problem)
    {
        problem = (code, message);
        return null;
    }

    private static string Basic(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    [GeneratedRegex("^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/(?<day>[0-9]{8})/(?<region>[^/]+)/(?<service>[^/]+)/aws4_request, ?SignedHeaders=(?<headers>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$")]
    private static partial Regex Authorization();
}
