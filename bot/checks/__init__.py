"""What ``check`` looks at: each file a part of the deployment, each finding one sentence, good or not."""

from handlers.talk import Say

Found = tuple[bool, Say]
