"""What was decided about comments, and what the steps of the pipeline said, stays as it was written."""

from django.db import migrations

from newsportal.lib.triggers import RefuseChanges

# All columns but the account, which is set to null when it is deleted.
DECISION = "comment_id, act, from_state, to_state, actor_name, rule, reason, note, waited, at, undo_of_id, batch"
STEP = "comment_id, run, position, step, outcome, detail"


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_comments")]

    operations = [
        RefuseChanges(
            "comment_decision_stays", table="comments_decision", columns=DECISION, message="评论处理记录不能修改"
        ),
        RefuseChanges(
            "comment_step_stays", table="comments_commentstep", columns=STEP, message="评论审核步骤不能修改"
        ),
    ]
