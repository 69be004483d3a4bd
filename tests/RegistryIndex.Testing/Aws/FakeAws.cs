using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RegistryIndex.Testing.Aws;

/// <summary>
/// The credential services of AWS on a loopback port. STS, SSO, and the metadata of containers and instances hand out keys. DynamoDB and S3
/// accept requests that are signed with one of these keys, checked as AWS checks them. Requests to DynamoDB are passed on to a real one.
/// </summary>
public sealed class FakeAws : IAsyncDisposable
{
    /// <summary>The role that STS, SSO and instances know.</summary>
    public const string Role = "arn:aws:iam::123456789012:role/registry-index";

    /// <summary>The bearer token that a container must send.</summary>
    public const string ContainerToken = "container-token";

    /// <summary>The web identity that STS accepts.</summary>
    public const string WebIdentity = "web-identity-token";

    /// <summary>The login that SSO accepts.</summary>
    public const string SsoToken = "sso-access-token";

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly ConcurrentDictionary<string, AwsKeys> _keys = new();
    private readonly ConcurrentDictionary<string, AwsKeys> _handedOut = new();
    private readonly WebApplication _app;
    private readonly Uri _dynamoDb;
    private string? _first;
    private int _uses;
    private int _issued;

    private FakeAws(string dynamoDb)
    {
        _dynamoDb = new(dynamoDb);
        _app = LoopbackApp.Create();
        _app.Run(AnswerAsync);
    }

    /// <summary>Its address: http://host:port.</summary>
    public string Endpoint => _app.Urls.First();

    /// <summary>How far its clock is ahead of this machine's.</summary>
    public TimeSpan ClockAhead { get; set; }

    /// <summary>The lifetime of the keys that it hands out.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The number of requests to DynamoDB after which the first temporary keys expire, regardless of their announced lifetime.</summary>
    public int MostUses { get; set; } = int.MaxValue;

    /// <summary>Whether STS answers like a service that is down.</summary>
    public bool IsStsDown { get; set; }

    /// <summary>The requests to DynamoDB and S3 with a valid signature.</summary>
    public ConcurrentQueue<SignedRequest> Taken { get; } = [];

    /// <summary>The error codes of the refused requests.</summary>
    public ConcurrentQueue<string> Refused { get; } = [];

    /// <summary>How often each part was asked for keys, such as <c>AssumeRole</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    private DateTimeOffset Now => DateTimeOffset.UtcNow + ClockAhead;

    public static async Task<FakeAws> StartAsync(string dynamoDb)
    {
        var aws = new FakeAws(dynamoDb);
        await aws._app.StartAsync();
        return aws;
    }

    /// <summary>Creates keys that it accepts.</summary>
    /// <param name="name">A part of the keys, by which a test recognizes them.</param>
    /// <param name="isTemporary">Whether they include a token.</param>
    public AwsKeys Issue(string name, bool isTemporary)
    {
        var number = Interlocked.Increment(ref _issued);
        var keys = new AwsKeys($"{(isTemporary ? "ASIA" : "AKIA")}{name.ToUpperInvariant()}{number}", $"secret/of+{name}{number}", isTemporary ? $"token/of+{name}{number}==" : null);
        if (isTemporary)
            _first ??= keys.AccessKey;
        return _keys[keys.AccessKey] = keys;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        context.Response.Headers.Date = Now.ToString("R", CultureInfo.InvariantCulture);
        var path = context.Request.Path.Value!;
        if (context.Request.HasFormContentType)
            await AnswerStsAsync(context, body.ToArray());
        else if (path == "/container/credentials")
            await HandOutAsync(context, "container", context.Request.Headers.Authorization == ContainerToken);
        else if (path == "/latest/api/token")
            await context.Response.WriteAsync("imds-token");
        else if (path.TrimEnd('/') == "/latest/meta-data/iam/security-credentials")
            await context.Response.WriteAsync("instance-role");
        else if (path.EndsWith("/instance-role", StringComparison.Ordinal))
            await HandOutAsync(context, "instance", context.Request.Headers["x-aws-ec2-metadata-token"] == "imds-token");
        else if (path == "/federation/credentials")
            await AnswerSsoAsync(context);
        else if (SignedRequest.Check(context.Request, body.ToArray(), _keys, Now, out var problem) is { } signed)
            await TakeAsync(context, signed, body.ToArray());
        else
            await RefuseAsync(context, problem!.Value.Code, problem.Value.Message);
    }

    private async Task TakeAsync(HttpContext context, SignedRequest signed, byte[] body)
    {
        if (signed.AccessKey == _first && Interlocked.Increment(ref _uses) > MostUses)
        {
            await RefuseAsync(context, "ExpiredTokenException", "The security token included in the request is expired");
            return;
        }

        Taken.Enqueue(signed);
        if (signed.Service != "dynamodb")
        {
            await context.Response.WriteAsync("""<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated></ListBucketResult>""");
            return;
        }

        await _client.ForwardAsync(context, _dynamoDb, new MemoryStream(body));
    }

    private Task RefuseAsync(HttpContext context, string code, string message)
    {
        Refused.Enqueue(code);
        context.Response.StatusCode = 400;
        context.Response.ContentType = "application/x-amz-json-1.0";
        return context.Response.WriteAsync($$"""{"__type":"com.amazon.coral.service#{{code}}","message":"{{message}}"}""");
    }

    private async Task HandOutAsync(HttpContext context, string name, bool isAllowed)
    {
        Asked.Enqueue(name);
        if (!isAllowed)
        {
            context.Response.StatusCode = 403;
            return;
        }

        var keys = _handedOut.GetOrAdd(name, name => Issue(name, isTemporary: true)); // the same ones during their lifetime
        await context.Response.WriteAsync($$"""
            {"Code":"Success","Type":"AWS-HMAC","LastUpdated":"{{Text(Now)}}","AccessKeyId":"{{keys.AccessKey}}","SecretAccessKey":"{{keys.Secret}}","Token":"{{keys.Token}}","Expiration":"{{Text(Now + Lifetime)}}"}
            """);
    }

    private async Task AnswerSsoAsync(HttpContext context)
    {
        Asked.Enqueue("sso");
        if (context.Request.Headers["x-amz-sso_bearer_token"] != SsoToken || context.Request.Query["role_name"] != "registry-index")
        {
            context.Response.StatusCode = 401;
            context.Response.Headers["x-amzn-ErrorType"] = "UnauthorizedException";
            await context.Response.WriteAsync("""{"message":"Session token not found or invalid"}""");
            return;
        }

        var keys = Issue("sso", isTemporary: true);
        await context.Response.WriteAsync($$$"""
            {"roleCredentials":{"accessKeyId":"{{{keys.AccessKey}}}","secretAccessKey":"{{{keys.Secret}}}","sessionToken":"{{{keys.Token}}}","expiration":{{{(Now + Lifetime).ToUnixTimeMilliseconds()}}}}}
            """);
    }

    private async Task AnswerStsAsync(HttpContext context, byte[] body)
    {
        var form = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body));
        var action = form["Action"].ToString();
        Asked.Enqueue(action);
        if (IsStsDown)
        {
            await ErrorAsync(503, "ServiceUnavailable", "STS is down");
            return;
        }

        if (form["RoleArn"] != Role)
            await ErrorAsync(403, "AccessDenied", $"Not authorized to perform sts:{action}");
        else if (action == "AssumeRoleWithWebIdentity" && form["WebIdentityToken"] != WebIdentity)
            await ErrorAsync(400, "InvalidIdentityToken", "The ID Token provided is not a valid JWT.");
        else if (action == "AssumeRole" && SignedRequest.Check(context.Request, body, _keys, Now, out var problem) is null)
            await ErrorAsync(403, problem!.Value.Code, problem.Value.Message);
        else
            await KeysAsync(Issue(action, isTemporary: true));

        Task KeysAsync(AwsKeys keys) => XmlAsync(200, $"""
            <{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result><AssumedRoleUser><Arn>{Role}/session</Arn><AssumedRoleId>AROA:session</AssumedRoleId></AssumedRoleUser>
            <Credentials><AccessKeyId>{keys.AccessKey}</AccessKeyId><SecretAccessKey>{keys.Secret}</SecretAccessKey><SessionToken>{keys.Token}</SessionToken><Expiration>{Text(Now + Lifetime)}</Expiration></Credentials>
            </{action}Result><ResponseMetadata><RequestId>request</RequestId></ResponseMetadata></{action}Response>
            """);

        Task ErrorAsync(int status, string code, string message) => XmlAsync(status, $"""
            <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>request</RequestId></ErrorResponse>
            """);

        Task XmlAsync(int status, string xml)
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/xml";
            return context.Response.WriteAsync(xml);
        }
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
