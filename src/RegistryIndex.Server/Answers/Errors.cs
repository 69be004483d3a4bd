using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace RegistryIndex.Server.Answers;

/// <summary>Writes errors as JSON, but those of pages: docker shows any other error as "invalid character '&lt;'".</summary>
internal static partial class Errors
{
    public static JsonHttpResult<ErrorAnswer> Json(int status, string sentence) =>
        TypedResults.Json(new ErrorAnswer(sentence), ServerJson.Default.ErrorAnswer, statusCode: status);

    public static JsonHttpResult<RegistryErrorAnswer> Registry(int status, string code, string sentence) =>
        TypedResults.Json(new RegistryErrorAnswer([new(code, sentence)]), ServerJson.Default.RegistryErrorAnswer, statusCode: status);

    /// <summary>Answers requests that no endpoint has answered, and errors that an endpoint has thrown.</summary>
    public static void UseJsonErrors(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => AnswerAsync(context, context.Features.Get<IExceptionHandlerFeature>()?.Error, app.Logger),
            SuppressDiagnosticsCallback = failed => failed.Exception is RegistryIndexException, // its message says everything
        });
        app.UseStatusCodePages(page => WriteAsync(page.HttpContext, page.HttpContext.Response.StatusCode, page.HttpContext.Response.StatusCode switch
        {
            401 => "Log in with a user and password of this index.",
            429 => "Too many requests; Retry-After says when to try again.",
            404 => "This path does not exist.",
            405 => "This path does not support the method.",
            _ => "The request cannot be answered.",
        }));
    }

    /// <summary>Writes an error in the format that the path's clients read.</summary>
    public static IResult For(HttpContext context, int status, string sentence) => context.RequestServices.GetService<IErrorPages>()?.Find(context, status, sentence)
        ?? (context.Request.Path.StartsWithSegments("/v2", StringComparison.Ordinal) || context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) ? Registry(status, Code(status), sentence) : Json(status, sentence));

    private static Task AnswerAsync(HttpContext context, Exception? error, ILogger logger)
    {
        if (error is RegistryIndexException failure)
            LogFailed(logger, context.Request.Path.ToUriComponent(), failure.Message);
        var (status, sentence) = error switch
        {
            // The message may name hosts and files: it is in the log, and not in the answer.
            RegistryIndexException { MayRetry: true } => (503, "The index cannot be reached at the moment; try again."),
            RegistryIndexException => (503, "The index cannot answer; see the server's log."),
            BadHttpRequestException bad => (bad.StatusCode, "The request is malformed or too large."),
            _ => (500, "The server failed; see its log."),
        };
        if (error is RegistryIndexException { MayRetry: true })
            context.Response.Headers.RetryAfter = "5";
        return WriteAsync(context, status, sentence);
    }

    private static Task WriteAsync(HttpContext context, int status, string sentence) => For(context, status, sentence).ExecuteAsync(context);

    private static string Code(int status) => status switch
    {
        401 => "UNAUTHORIZED",
        429 => "TOOMANYREQUESTS",
        404 => "NAME_UNKNOWN",
        400 or 405 => "UNSUPPORTED",
        503 => "UNAVAILABLE",
        _ => "UNKNOWN",
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} could not be answered: {Problem}")]
    private static partial void LogFailed(ILogger logger, string path, string problem);
}
