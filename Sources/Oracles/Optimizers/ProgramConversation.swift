import Dialogue

